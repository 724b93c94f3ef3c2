using Klock.Kernel.Events;

namespace Klock.Kernel.Tests;

/// <summary>Collects the events it receives.</summary>
internal sealed class Gatherer(List<Event> events) : IEventSink
{
    public void Append(in Event happened) => events.Add(happened);
}
