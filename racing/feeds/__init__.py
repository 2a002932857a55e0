"""Where prices come from besides staff: each feed turns what others send into the services' verbs."""
