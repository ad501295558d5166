"""Programs of others that use our tools over MCP, with a scripted model."""
