using System.Threading.RateLimiting;

namespace Interactions.Frontend.Admission;

/// <summary>What a rate limiter without queues answers: yes, or how long to wait.</summary>
internal sealed class RateLease : RateLimitLease
{
    public static readonly RateLease Granted = new(null);

    private readonly TimeSpan? _retryAfter;

    private RateLease(TimeSpan? retryAfter) => _retryAfter = retryAfter;

    public override bool IsAcquired => _retryAfter is null;

    public override IEnumerable<string> MetadataNames => IsAcquired ? [] : [MetadataName.RetryAfter.Name];

    public static RateLease Refused(TimeSpan retryAfter) => new(retryAfter);

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? _retryAfter : null;
        return metadata is not null;
    }
}
