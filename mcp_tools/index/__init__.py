"""The persistent index: facts of every file by content, kept fresh; resolves nothing itself."""
