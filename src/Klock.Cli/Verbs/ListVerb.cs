using System.CommandLine;
using System.Text.Json;
using Klock.Cli.Naming;
using Klock.Cli.Options;
using Klock.Cli.Output;
using Klock.Cli.Transports;

namespace Klock.Cli.Verbs;

/// <summary>What verbs that show one list share.</summary>
internal static class ListVerb
{
    /// <summary>Requests a list and shows it.</summary>
    public static int Run(
        ParseResult result, IEnumerable<Named> asked, Func<ITransport, Answer> ask, Func<IEnumerable<JsonElement>, Table> toTable)
    {
        bool json = result.GetValue(CommonOptions.Json);
        using ITransport transport = CommonOptions.OpenTransport(result, asked);
        Answer answer = ask(transport);
        if (answer.Outcome.IsSuccess && !json)
        {
            Out.Table(toTable(answer.Data.EnumerateArray()));
        }

        return Out.Verdict(answer, json);
    }
}
