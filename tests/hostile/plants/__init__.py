"""What is planted in hostile repositories: tables, one a kind of trick."""
