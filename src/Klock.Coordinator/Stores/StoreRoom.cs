namespace Klock.Coordinator.Stores;

/// <summary>How much room is left where a store keeps its state.</summary>
/// <param name="UsedBytes">How much is used.</param>
/// <param name="QuotaBytes">How much may be; 0 where that is not known.</param>
/// <param name="Problem">Why nothing can be stored any more, and what helps; null when something can.</param>
public sealed record StoreRoom(long UsedBytes, long QuotaBytes, string? Problem);
