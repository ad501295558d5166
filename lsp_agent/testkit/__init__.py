"""A scripted model server, to test agents with.

It must know nothing of the rest of the product.
"""
