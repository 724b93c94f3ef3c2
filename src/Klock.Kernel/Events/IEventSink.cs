namespace Klock.Kernel.Events;

/// <summary>Receives every change, in order, right after the kernel's state has it.</summary>
public interface IEventSink
{
    /// <summary>Takes one event. Called on the thread that runs the command; must not call the kernel.</summary>
    void Append(in Event happened);
}
