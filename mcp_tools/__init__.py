"""What can be done in a workspace: documents, edits, queries and tools.

It knows no model, no prompt and no editor, and never imports `lsp_agent`.
"""
