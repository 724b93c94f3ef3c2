using System.Text.Json;
using Klock.Coordinator.Protocol;

namespace Klock.Agents.Leases;

/// <summary>A coordinator, wherever it is: in this process, or in a server.</summary>
internal interface ICoordinator : IDisposable
{
    /// <summary>Sends a request, and waits for the answer as long as the request says.</summary>
    /// <param name="operation">What is asked.</param>
    /// <param name="request">Its JSON.</param>
    /// <param name="cancel">Gives up: a waiting request leaves nothing behind.</param>
    /// <returns>The answer, and its kind.</returns>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    (JsonElement Json, Outcome Outcome) Ask(Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancel);
}
