"""What a shell line would do, judged on its syntax tree."""
