using Klock.Cli.Failures;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Transports;

/// <summary>A way to a coordinator: in this process, on a store, or in a server.</summary>
internal interface ITransport : IDisposable
{
    /// <summary>Whether it leads to a server, which may go and come again.</summary>
    bool IsServer { get; }

    /// <summary>By which a lease from there is counted.</summary>
    LeaseClock Clock { get; }

    /// <summary>In which namespace the resources are that are asked for through it; null for none.</summary>
    string? Namespace => null;

    /// <summary>Asks, and waits for the answer as long as the request says.</summary>
    /// <param name="operation">What is asked.</param>
    /// <param name="request">Its JSON.</param>
    /// <param name="cancel">Gives up: a request that waits leaves nothing behind.</param>
    /// <exception cref="CliFailure">Nobody answers.</exception>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    Answer Ask(Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancel = default);
}
