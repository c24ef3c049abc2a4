"""From sources to what is to be stored, in portions: read here, or in a second process while this one stores."""
