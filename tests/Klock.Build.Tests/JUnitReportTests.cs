using System.Xml;
using Klock.Build.Testing;
using Xunit;

namespace Klock.Build.Tests;

/// <summary>Reports as the three kinds of runners write them.</summary>
public sealed class JUnitReportTests
{
    [Fact]
    public void A_report_of_xunit_is_read()
    {
        const string Xml = """
            <testsuites name="Test results" tests="3" failures="1" errors="0" disabled="1"><testsuite name="c" tests="3">
            <testcase name="N.A.Good(x: 1)" classname="N.A" time="0.01" />
            <testcase name="N.A.Bad" classname="N.A" time="0.01"><failure type="T" message="one&#xA;two">at N.A.Bad()</failure></testcase>
            <testcase name="N.A.Not" classname="N.A" time="0"><skipped message="no network" /></testcase>
            </testsuite></testsuites>
            """;
        Assert.Equal(
        [
            new CaseResult("N.A.Good(x: 1)", Outcome.Passed),
            new CaseResult("N.A.Bad", Outcome.Failed, "one\ntwo\nat N.A.Bad()"),
            new CaseResult("N.A.Not", Outcome.Skipped, "no network"),
        ], JUnitReport.Parse(Xml));
    }

    [Fact]
    public void A_report_of_pytest_is_read_with_errors_of_fixtures_as_failures()
    {
        const string Xml = """
            <?xml version="1.0" encoding="utf-8"?><testsuites><testsuite name="pytest" errors="1" failures="0" skipped="1" tests="3">
            <testcase classname="tests.demo.test_a" name="test_good" time="0.1" />
            <testcase classname="tests.demo.test_a" name="test_broken"><error message="failed on setup">E  boom</error></testcase>
            <testcase classname="tests.demo.test_a" name="test_not"><skipped type="pytest.skip" message="no tty">a.py:1</skipped></testcase>
            </testsuite></testsuites>
            """;
        Assert.Equal(
        [
            new CaseResult("tests.demo.test_a.test_good", Outcome.Passed),
            new CaseResult("tests.demo.test_a.test_broken", Outcome.Failed, "failed on setup\nE  boom"),
            new CaseResult("tests.demo.test_a.test_not", Outcome.Skipped, "no tty\na.py:1"),
        ], JUnitReport.Parse(Xml));
    }

    [Fact]
    public void A_report_that_ends_in_the_middle_is_no_report() =>
        Assert.Throws<XmlException>(() => JUnitReport.Parse("<testsuites><testsuite>"));
}
