namespace Klock.Coordinator.Stores.Replicated;

/// <summary>Other stores appended first, each time. What was decided was taken back, and the state is as it was.</summary>
internal sealed class OthersFasterException() : Exception(
    "Other servers were faster each time, for some seconds: nothing was granted or changed, try again.");
