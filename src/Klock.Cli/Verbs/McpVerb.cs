using System.CommandLine;
using Klock.Cli.Running;

namespace Klock.Cli.Verbs;

/// <summary>Starts the MCP server that a coding agent talks to.</summary>
internal static class McpVerb
{
    public const string Name = "mcp";

    /// <summary>For the list of verbs and for completion. It is never parsed.</summary>
    public static Command Create() => new(Name, "Serve a coding agent as an MCP server on stdin and stdout: it claims files ahead.");

    /// <summary>Replaces this process by the server: signals and exit code are the server's.</summary>
    /// <exception cref="Failures.CliFailure">It is not there, or cannot be run.</exception>
    public static int HandOver(string[] arguments) => ServerProgram.Become(Name, [Name, .. arguments]);
}
