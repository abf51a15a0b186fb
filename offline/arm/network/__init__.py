"""What the network types share (`common`), and what Azure demands of a load balancer (`frontends`, `balancer_fields`, `balancer_rules`)."""
