using Klock.Agents.Calling;
using Klock.Agents.Claims;

namespace Klock.Server.Mcp;

/// <summary>Finds out who calls a tool.</summary>
internal interface ICallers
{
    /// <summary>Lets an agent do something.</summary>
    /// <param name="hints">What the call says about it.</param>
    /// <param name="tool">The tool.</param>
    /// <param name="act">What it does.</param>
    /// <param name="cancel">Cancelled when it gives up.</param>
    T Act<T>(McpHints hints, string tool, Func<IClaimant, T> act, CancellationToken cancel);
}
