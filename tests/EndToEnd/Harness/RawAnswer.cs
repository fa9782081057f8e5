using System.Globalization;

namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>An HTTP answer as it came over the wire.</summary>
/// <param name="Headers">By lower-case name.</param>
/// <param name="Body">Empty where the answer has no length.</param>
internal sealed record RawAnswer(int Status, ILookup<string, string> Headers, string Body)
{
    public int RetryAfter => int.Parse(Headers["retry-after"].Single(), CultureInfo.InvariantCulture);
}
