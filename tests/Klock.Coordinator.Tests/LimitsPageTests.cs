using System.Globalization;
using System.Reflection;
using Klock.Coordinator.Protocol;
using Klock.Kernel;
using Xunit;

namespace Klock.Coordinator.Tests;

/// <summary>docs/limits.md has every limit, with its number.</summary>
public sealed class LimitsPageTests
{
    [Fact]
    public void The_page_has_as_many_rows_of_each_number_as_there_are_limits()
    {
        long[] limits =
        [
            .. typeof(Limits).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
                .Select(field => Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)),
            .. typeof(TableLimits).GetProperties().Where(property => property.PropertyType == typeof(int))
                .Select(property => (long)(int)property.GetValue(Limits.Table)!),
        ];
        long[] onPage =
        [
            .. File.ReadLines(Path.Combine(Top(), "docs", "limits.md"))
                .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsAsciiDigit(line[^3]))
                .Select(line => long.Parse(line.Split('|')[^2].Trim(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture)),
        ];
        Assert.NotEmpty(limits);
        Assert.Equal(limits.Order(), onPage.Order());
    }

    private static string Top()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Klock.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("No Klock.sln above the test program.");
    }
}
