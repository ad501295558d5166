"""`lsp-agent demo`: a broken sample project, and an editor that has it fixed.

It plays the client: it knows the wire, and nothing of what the server is made of.
"""
