"""The ways by which a hostile repository is opened, each with a real process of the product."""
