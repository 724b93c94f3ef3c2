using System.CommandLine;
using Klock.Cli.Failures;
using Klock.Cli.Naming;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Cli.Transports;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Verbs;

/// <summary>Lists active leases.</summary>
internal static class LeasesVerb
{
    private static readonly Argument<string?> _path = new("PATH")
    {
        Description = "Only those that meet this file, this folder, or TYPE:PATH as the tables show it", Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> _agent = new("--agent") { Description = "Only those of this agent", HelpName = "ID" };

    private static readonly Option<string?> _session = new("--session") { Description = "Only those of this session", HelpName = "ID" };

    private static readonly Option<string?> _file = new("--file") { Description = "Only those that meet this file", HelpName = "PATH" };

    private static readonly Option<string?> _resource = new("--resource")
    {
        Description = "Only those that meet this resource", HelpName = "TYPE:PATH",
    };

    public static Command Create()
    {
        var verb = new Command("leases", "List active leases, in the order they were granted.")
        {
            _path, _agent, _session, _file, _resource, NamespaceOption.Namespace, WantedOptions.Raw,
        };
        CommonOptions.AddTo(verb);
        verb.SetAction(Run);
        return verb;
    }

    private static int Run(ParseResult result)
    {
        Named? resource = Resource(result);
        (string, object?)[] filter =
            [("agent_id", result.GetValue(_agent)), ("session_id", result.GetValue(_session)), ("resource", resource?.ToString())];
        return ListVerb.Run(
            result, resource is { } asked ? [asked] : [],
            transport => LongList.Ask(transport, Operation.ListLeases, filter), Tables.Leases);
    }

    private static Named? Resource(ParseResult result)
    {
        bool raw = result.GetValue(WantedOptions.Raw);
        string? path = result.GetValue(_path), file = result.GetValue(_file), resource = result.GetValue(_resource);
        if ((path is null ? 0 : 1) + (file is null ? 0 : 1) + (resource is null ? 0 : 1) > 1)
        {
            throw CliFailure.Usage("PATH, --file and --resource exclude each other: say one of them.");
        }

        return path is not null ? ResourceText.Shown(path, raw)
            : resource is not null ? ResourceText.Any(resource, raw)
            : file is not null ? ResourceText.File(ResourceText.Subtree(file, raw), raw)
            : null;
    }
}
