using Klock.Tidy.Tests.Checks;
using Klock.Tidy.Tests.Files;
using Xunit;

namespace Klock.Tidy.Tests;

/// <summary>The rules, checked on this repository.</summary>
public sealed class RepositoryTests
{
    [Fact]
    public void No_line_of_code_is_too_long() => AssertNone(LineLength.Find(Checkout.Files));

    [Fact]
    public void No_function_is_too_long() => AssertNone(FunctionLength.Find(Checkout.Files));

    [Fact]
    public void No_file_is_too_long_without_a_reason() => AssertNone(FileLength.Find(Checkout.Files, FileLength.Reasons));

    [Fact]
    public void Text_ends_where_it_should() => AssertNone(WhiteSpace.Find(Checkout.Files));

    [Fact]
    public void No_build_output_is_tracked() => AssertNone(BuildOutput.Find(Checkout.Files));

    [Fact]
    public void Nothing_tells_of_the_machine_it_was_written_on() => AssertNone(MachineTraces.Find(Checkout.Files));

    [Fact]
    public void What_is_shipped_is_finished() => AssertNone(UnfinishedCode.Find(Checkout.Files));

    [Fact]
    public void Every_file_is_used() => AssertNone(UnusedFiles.Find(Checkout.Files));

    [Fact]
    public void Every_link_between_pages_leads_somewhere() => AssertNone(MarkdownLinks.FindBroken(Checkout.Files));

    [Fact]
    public void Every_copy_of_the_version_is_right() => AssertNone(VersionAgreement.Find(Checkout.Files));

    [Fact]
    public void No_folders_use_each_other_in_a_circle() => AssertNone(FolderCircles.Find(Checkout.Files, "src"));

    [Fact]
    public void What_needs_a_lock_says_so_and_gets_it() => AssertNone(LockNames.Find(Checkout.Files));

    [Fact]
    public void Doc_comments_say_something() => AssertNone(EmptyDocs.Find(Checkout.Files));

    [Fact]
    public void The_house_is_as_the_page_shows_it() => AssertNone(HouseTable.Find(Checkout.Files));

    [Fact]
    public void Every_variable_is_on_the_page_of_settings() => AssertNone(VariablesPage.Find(Checkout.Files));

    [Fact]
    public void Every_call_of_a_system_says_which_has_it() => AssertNone(PlatformCalls.Find(Checkout.Files));

    [Fact]
    public void What_is_public_is_used_by_another_project() => AssertNone(NeedlessPublic.Find(Checkout.Files, "src"));

    private static void AssertNone(IEnumerable<Offence> offences)
    {
        string[] list = [.. offences.Select(offence => offence.ToString()).Order(StringComparer.Ordinal)];
        Assert.True(list.Length == 0, $"{list.Length} offences\n{string.Join('\n', list)}");
    }
}
