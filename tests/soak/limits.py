"""What a run promises."""

import os

# After a fault is over, every server grants within so long. A machine that tests much else may be given more time.
RECOVERS_WITHIN_S = float(os.environ.get("KLOCK_SOAK_RECOVERS_S", "10"))
