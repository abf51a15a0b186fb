"""What the network types share (`common`), what Azure demands of a load balancer (`frontends`, `balancer_fields`, `balancer_rules`), and where it sends
(`routing`, `reach`, `flows`)."""
