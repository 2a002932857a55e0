"""What makes a shared cluster whole again, whatever a journey has left of it."""

from tests.support.cluster import RunningCluster


def mend(cluster: RunningCluster) -> None:
    """Start whatever is stopped, dead or paused, in this version; what the workers have logged so far is forgotten."""
    if not cluster.postgres.is_running:
        cluster.postgres.start()
    if cluster.redis.process is None:
        cluster.redis.start()
    cluster.redis.resume()
    for worker in cluster.workers:
        worker.program = "wsgi.py"
        if worker.process is None or worker.process.poll() is not None:
            worker.start()
        worker.mended_at = len(worker.log)
