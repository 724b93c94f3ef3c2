using Klock.Coordinator.Protocol;

namespace Klock.Server.Routes;

/// <summary>One method on one path, and the operation that answers it.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Pattern">The path; names in braces stand for its variable parts.</param>
/// <param name="Operation">The coordinator's operation.</param>
/// <param name="Input">Where the request comes from.</param>
/// <param name="Success">The status of an answer that is neither a refusal nor an error.</param>
/// <param name="Summary">What it does, for people.</param>
internal sealed record Route(string Method, string Pattern, Operation Operation, Input Input, int Success, string Summary)
{
    /// <summary>Whether it changes anything; a read-only key may not. A manifest does when it has a ttl.</summary>
    public bool Writes => Method != "GET" && Operation != Operation.DeclareIntents;
}
