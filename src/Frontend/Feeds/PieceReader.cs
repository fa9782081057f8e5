using Interactions.Contracts;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Log;
using Interactions.Contracts.Views;

namespace Interactions.Frontend.Feeds;

/// <summary>Reads what a subscription was answered: whole, or in pieces of which two are under way at a time.</summary>
internal sealed class PieceReader(IStreamGrain stream, string frontend, SubscribeAnswer answer)
{
    private readonly FeedContent[] _pieces = new FeedContent[answer.Pieces];
    private int _last;

    /// <exception cref="LogUnavailableException">The stream does not have it any more: subscribe again.</exception>
    public async Task<FeedContent> ReadAsync()
    {
        _pieces[0] = answer.Content!;
        await Task.WhenAll(ReadNextAsync(), ReadNextAsync());
        return _pieces.Length == 1 ? _pieces[0] : FeedContent.Join(_pieces);
    }

    private async Task ReadNextAsync()
    {
        while (Interlocked.Increment(ref _last) is var piece && piece < _pieces.Length)
        {
            var read = await stream.ReadPieceAsync(frontend, answer.Token, piece);
            if (read.Code != Code.Accepted) throw new LogUnavailableException($"Piece {piece} can't be read: {read.Code.Info().Meaning}");
            _pieces[piece] = read.Content!;
        }
    }
}
