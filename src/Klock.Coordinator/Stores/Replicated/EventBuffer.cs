using Klock.Kernel.Events;

namespace Klock.Coordinator.Stores.Replicated;

/// <summary>Gathers events.</summary>
internal sealed class EventBuffer : IEventSink
{
    /// <summary>Those that there were.</summary>
    public List<Event> Events { get; } = [];

    public void Append(in Event happened) => Events.Add(happened);
}
