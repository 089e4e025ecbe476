"""Events told to partners' servers: endpoints, signed deliveries until they are taken, replay."""
