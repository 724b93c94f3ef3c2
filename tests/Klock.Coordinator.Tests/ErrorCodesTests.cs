using Klock.Coordinator.Protocol;
using Xunit;

namespace Klock.Coordinator.Tests;

/// <summary>The tables of errors and refusals: complete, each at the place of its number, each name once.</summary>
public sealed class ErrorCodesTests
{
    [Fact]
    public void Every_code_stands_at_its_place_and_is_found_by_its_name()
    {
        Assert.Equal(Enum.GetValues<ErrorCode>(), ErrorCodes.All.Select(info => info.Code));
        Assert.All(Enum.GetValues<ErrorCode>(), code => Assert.Equal(code, ErrorCodes.Find(code.ToName())));
        Assert.Null(ErrorCodes.Find("NO_SUCH_CODE"));
    }

    [Fact]
    public void Every_reason_stands_at_its_place_and_is_found_by_its_name()
    {
        Assert.Equal(Enum.GetValues<RefusalReason>(), RefusalReasons.All.Select(info => info.Reason));
        Assert.All(Enum.GetValues<RefusalReason>(), reason => Assert.Equal(reason, RefusalReasons.Find(reason.ToName())));
        Assert.Null(RefusalReasons.Find("no such reason"));
    }

    [Fact]
    public void What_a_program_goes_by_is_an_error_status_and_an_exit_code_that_says_no_success()
    {
        Assert.All(ErrorCodes.All, info => Assert.InRange(info.HttpStatus, 400, 599));
        Assert.All(ErrorCodes.All, info => Assert.InRange(info.ExitCode, 1, 9));
        Assert.All(RefusalReasons.All, info => Assert.InRange(info.ExitCode, 10, 12));
    }
}
