using System.Xml;
using System.Xml.Linq;

namespace Klock.Build.Testing;

/// <summary>Reads the JUnit XML that xunit, pytest and our own runners write: the one format all of them know.</summary>
internal static class JUnitReport
{
    /// <summary>The tests of a report, in its order. Counts in its attributes are ignored; each test case is counted.</summary>
    /// <exception cref="XmlException">The text is not XML: the suite died while it wrote.</exception>
    public static IReadOnlyList<CaseResult> Parse(string xml) => [.. XDocument.Parse(xml).Descendants("testcase").Select(ToResult)];

    private static CaseResult ToResult(XElement test)
    {
        string name = FullName(test.Attribute("classname")?.Value ?? "", test.Attribute("name")?.Value ?? "?");
        // An error (a fixture that threw, say) is a failure whatever else the case holds, a skip mark included.
        if ((test.Element("failure") ?? test.Element("error")) is { } failure)
        {
            return new CaseResult(name, Outcome.Failed, Text(failure));
        }

        return test.Element("skipped") is { } skipped
            ? new CaseResult(name, Outcome.Skipped, Text(skipped))
            : new CaseResult(name, Outcome.Passed);
    }

    private static string FullName(string type, string name) =>
        type.Length == 0 || name.StartsWith(type, StringComparison.Ordinal) ? name : $"{type}.{name}";

    private static string Text(XElement element)
    {
        string message = element.Attribute("message")?.Value.Trim() ?? "";
        string detail = element.Value.Trim();
        return detail.Length == 0 || detail == message ? message : message.Length == 0 ? detail : $"{message}\n{detail}";
    }
}
