"""Models behind one port, one provider a file; no tool, workspace or prompt is known."""
