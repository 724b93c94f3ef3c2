using Klock.Coordinator.Protocol;

namespace Klock.Native;

/// <summary>One call through the C interface: its arguments, and the handle that an open returns.</summary>
internal ref struct Call
{
    /// <summary>The handle it is about; after an open, the new one.</summary>
    public ulong Handle;

    /// <summary>The operation, if it is a request.</summary>
    public Operation Operation;

    /// <summary>The operation on tickets, if it is about these.</summary>
    public TicketVerb TicketVerb;

    /// <summary>The JSON.</summary>
    public NativeText Text;
}
