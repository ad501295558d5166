"""The model that needs no key and no network: rules over tools.

It knows no protocol, no disk and no program; whatever it wants to know, it asks a tool.
"""
