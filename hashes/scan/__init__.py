"""What a platform runs over its uploads. It speaks to the portal by HTTP only, as any platform does."""
