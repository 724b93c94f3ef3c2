namespace Klock.Coordinator.Protocol;

/// <summary>Which Klock this is.</summary>
public static class ProductVersion
{
    /// <summary>As in Directory.Build.props: <c>0.3.0</c>.</summary>
    public static string Text { get; } = typeof(ProductVersion).Assembly.GetName().Version!.ToString(3);
}
