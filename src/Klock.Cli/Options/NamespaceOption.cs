using System.CommandLine;
using Klock.Cli.Failures;
using Klock.Cli.Naming;
using Klock.Cli.Transports;
using Klock.Client.Places;
using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Options;

/// <summary>The namespace of the resources.</summary>
internal static class NamespaceOption
{
    public static readonly Option<string?> Namespace = new("--namespace")
    {
        Description = "In which namespace; what is in different ones never meets [env: KLOCK_NAMESPACE] "
            + "[default: none, or the repository's name where the server keeps repositories apart]",
        HelpName = "NAME",
    };

    /// <summary>A transport that adds the namespace to requests.</summary>
    /// <exception cref="CliFailure">It is no valid namespace.</exception>
    public static ITransport Through(ITransport transport, ParseResult result, IEnumerable<Named> asked)
    {
        string? said = result.GetValue(Namespace);
        if (said is not null && NamespaceText.Problem(said) is { } wrong)
        {
            throw CliFailure.Usage($"--namespace {wrong}: it must be {NamespaceText.Allowed}.");
        }

        try
        {
            return new NamespacedTransport(transport, said, Location.Said(Environment.GetEnvironmentVariable), () => Repository(asked));
        }
        catch (KlockException problem)
        {
            throw CliFailure.Of(problem.Code, problem.Message, problem);
        }
    }

    private static string Repository(IEnumerable<Named> asked)
    {
        string?[] names = [.. asked.Select(one => one.Location).DefaultIfEmpty().Select(Repository).Distinct()];
        return names.Length > 1
            ? throw CliFailure.Usage("the paths are in different repositories, and the server keeps those apart: ask for each by itself.")
            : names[0] ?? throw CliFailure.Usage(
                "the server keeps repositories apart, and this is in none that has an origin or a commit: say --namespace, "
                    + "or set KLOCK_NAMESPACE.");
    }

    private static string? Repository(Location? location)
    {
        try
        {
            return (location ?? Locator.Here(cwd: null, Environment.GetEnvironmentVariable)).NamespaceOfRepository();
        }
        catch (KlockException problem)
        {
            throw CliFailure.Of(problem.Code, problem.Message, problem);
        }
    }
}
