namespace Klock.Native;

/// <summary>The operations on a handle's tickets, with the numbers of KLOCK_TICKETS in shim/library.h.</summary>
internal enum TicketVerb
{
    /// <summary><c>{request, …}</c></summary>
    Submit,

    /// <summary><c>{timeout_ms?}</c></summary>
    Collect,

    /// <summary><c>{ticket}</c></summary>
    Cancel,
}
