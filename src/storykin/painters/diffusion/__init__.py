"""Painters, diffusion: pictures by diffusion models, through the diffusers library."""
