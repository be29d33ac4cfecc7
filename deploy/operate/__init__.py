"""Operating it: endpoints and logs of commands that keep running, and what is generated for Prometheus and Grafana from the list of metrics."""
