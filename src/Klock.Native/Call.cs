using Klock.Coordinator.Protocol;

namespace Klock.Native;

/// <summary>One call through the C interface: what came in, and the handle that an open gives back.</summary>
internal ref struct Call
{
    /// <summary>The handle it is about; after an open, the new one.</summary>
    public ulong Handle;

    /// <summary>What is asked of it, if it is a request.</summary>
    public Operation Operation;

    /// <summary>What is asked of its tickets, if it is about these.</summary>
    public TicketVerb TicketVerb;

    /// <summary>The JSON.</summary>
    public NativeText Text;
}
