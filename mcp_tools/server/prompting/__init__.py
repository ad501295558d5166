"""What a person can start from: words for a model, with the code they are about.

Nothing here runs a model, or changes anything.
"""
