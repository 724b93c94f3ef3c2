using System.CommandLine;
using Klock.Cli.Failures;
using Klock.Cli.Naming;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Cli.Transports;
using Klock.Kernel.Resources;

namespace Klock.Cli.Verbs;

/// <summary>Shows why something cannot be acquired: who holds it, who waits for it, what happened there lately.</summary>
internal static class WhyVerb
{
    private static readonly Argument<string> _path = new("PATH") { Description = "A file, a folder, or TYPE:PATH as the tables show it" };

    private static readonly Option<string?> _type = new("--type")
    {
        Description = $"What PATH names: {ResourceTypeNames.Allowed}", HelpName = "TYPE",
    };

    private static readonly NumberOption _last = Snapshot.LastOption(10);

    public static Command Create()
    {
        var verb = new Command("why", "Show who holds a resource, who waits for it and what happened there lately.")
        {
            _path, _type, NamespaceOption.Namespace, WantedOptions.Raw, _last,
        };
        CommonOptions.AddTo(verb);
        verb.SetAction(Run);
        return verb;
    }

    private static int Run(ParseResult result)
    {
        string path = result.GetValue(_path)!;
        bool raw = result.GetValue(WantedOptions.Raw);
        Named asked = result.GetValue(_type) is { } type ? ResourceText.Any($"{type}:{path}", raw) : ResourceText.Shown(path, raw);
        Resource resource = ToResource(asked);
        using ITransport transport = CommonOptions.OpenTransport(result, [asked]);
        resource = resource.In(transport.Namespace);
        Snapshot there = Snapshot.Take(transport, resource, _last.Of(result));
        if (result.GetValue(CommonOptions.Json))
        {
            Out.Write(there.ToJson(json => json.WriteString("resource", resource.ToString())));
            return ExitCode.Done;
        }

        if (Out.IsTerminal)
        {
            // On a terminal an empty list is mentioned too.
            string waiting = there.Waiters.Count == 0 ? "nobody waits" : $"{there.Waiters.Count} wait";
            Out.Line(Safe.Line(
                $"{resource}: {(there.Leases.Count == 0 ? "free" : $"{there.Leases.Count} hold it or a part of it")}, {waiting}"));
        }

        Out.Tables(there.ToTables());
        return ExitCode.Done;
    }

    private static Resource ToResource(Named asked)
    {
        string? problem = null;
        return ResourceTypeNames.TryParse(asked.Type, out ResourceType known)
            && Resource.TryCreate(known, asked.Path, out Resource? resource, out problem)
            ? resource!
            : throw CliFailure.Usage($"PATH {problem}.");
    }
}
