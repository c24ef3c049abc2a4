"""Who may do what, and who may know what: roles, information levels, and the restricted view of a store."""
