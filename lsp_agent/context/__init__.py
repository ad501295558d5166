"""What the model is told: prompt parts as text, one idea a file."""
