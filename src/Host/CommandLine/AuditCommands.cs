using System.CommandLine;
using System.Text.Json;
using Plug1.Host.Background;
using Plug1.Http;
using Plug1.Kernel.Audit.Seals;
using Plug1.Kernel.Audit.Verification;
using Plug1.Kernel.Security;

namespace Plug1.Host.CommandLine;

/// <summary><c>plug1 audit</c>: seals verified, digests to be kept elsewhere, proofs of single events.</summary>
internal static class AuditCommands
{
    private static readonly JsonSerializerOptions Indented = new(Plug1Json.Options) { WriteIndented = true };
    private static readonly Option<string[]> Digests = new("--digest") { Description = "A digest that was kept elsewhere; may be given several times.", HelpName = "FILE" };
    private static readonly Option<string?> Out = new("--out") { Description = "Where to write it; standard output without it.", HelpName = "FILE" };
    private static readonly Option<Uri?> Post = new("--post") { Description = "Send it to this address.", HelpName = "URL" };
    private static readonly Option<Guid?> OfEvent = new("--event") { Description = "Id of the event.", HelpName = "ID" };
    private static readonly Option<Guid?> OfTransaction = new("--transaction") { Description = "Id of the ledger transaction.", HelpName = "ID" };
    private static readonly Option<long?> Until = new("--until") { Description = "Tell the chain up to the block of this number.", HelpName = "NUMBER" };
    private static readonly Argument<string> ProofFile = new("FILE") { Description = "The proof." };

    /// <summary>The command.</summary>
    public static Command Make() => new("audit", "The audit trail.")
    {
        new Command("verify", "Compute all sealed blocks again, name what differs and keep the result for the audit viewer.") { Digests }.Works(Verify),
        new Command("digest", "Write the digest of the last block, to be kept where nobody here can change it.") { Out, Post }.Works(Digest),
        new Command("proof", "Write the proof that an event or a ledger transaction is sealed.") { OfEvent, OfTransaction, Until, Out }.Works(Proof),
        new Command("prove", "Verify a proof without a database.") { ProofFile, Digests }.Does(Prove),
    };

    private static async Task<int> Verify(Workplace at, ParseResult parsed, CancellationToken ct)
    {
        var digests = await ReadDigests(parsed, ct);
        long wrong = 0;
        void Differs(string found)
        {
            if (wrong++ == 0) Console.WriteLine($"First difference: {found}");
            else Console.WriteLine(found);
        }

        var clock = System.Diagnostics.Stopwatch.StartNew();
        var verifier = at.Get<AuditVerifier>();
        var (result, seals, rest) = await Progress.Show("Verifying the audit trail.", progress =>
            verifier.Run(VerifyOrigin.Command, Actor.SystemId, digests, Differs, (done, total) => progress.Report(new Step("Computing blocks again", done, total)), ct));
        await Keep(verifier, result, ct);

        var seconds = Math.Max(0.001, clock.Elapsed.TotalSeconds);
        Console.WriteLine(FormattableString.Invariant($"{seals.Blocks} blocks with {seals.Events} events and {seals.Transactions} ledger transactions computed again in {seconds:0.0} s, {(seals.Events + seals.Transactions) / seconds:0} a second; {wrong} differences."));
        Console.WriteLine($"{seals.Unsealed} wait for the next block; of {rest.Events} events that are not sealed the form was verified.");
        if (seals.Last is { } last) Console.WriteLine($"Last block: {last.Number}, sealed {last.SealedAt:u}, hash {last.Hash}.");
        Console.WriteLine(digests.Count > 0 ? $"{digests.Count} digests kept elsewhere were compared."
            : "Without a digest kept elsewhere (plug1 audit digest) this proves nothing against somebody who can forge rows and blocks together.");
        return wrong == 0 ? ExitCode.Done : ExitCode.Refused;
    }

    /// <summary>Who may only read the database verifies all the same.</summary>
    private static async Task Keep(AuditVerifier verifier, AuditVerification result, CancellationToken ct)
    {
        try
        {
            await verifier.KeepApart(result, ct);
        }
        catch (System.Data.Common.DbException failure)
        {
            await Console.Error.WriteLineAsync($"The result could not be kept for the audit viewer: {failure.Message}");
        }
    }

    private static async Task<int> Digest(Workplace at, ParseResult parsed, CancellationToken ct)
    {
        await at.Get<AuditSeals>().CatchUp(ct: ct);
        if (await DigestSender.Read(at.Database, ct) is not { } digest) throw new CommandFailure("Nothing is sealed yet.");
        await Write(digest, parsed.GetValue(Out), ct);
        if (parsed.GetValue(Post) is { } address) await DigestSender.Send(digest, address, DigestSender.Secret, ct);
        return ExitCode.Done;
    }

    private static async Task<int> Proof(Workplace at, ParseResult parsed, CancellationToken ct)
    {
        var until = parsed.GetValue(Until);
        var proof = (parsed.GetValue(OfEvent), parsed.GetValue(OfTransaction)) switch
        {
            ({ } id, null) => await at.Database.Read(db => SealProofs.OfEvent(db, id, until, ct), ct),
            (null, { } id) => await at.Database.Read(db => SealProofs.OfTransaction(db, id, until, ct), ct),
            _ => throw new CommandFailure("Name either an event or a ledger transaction."),
        };
        await Write(proof.OrFail(), parsed.GetValue(Out), ct);
        return ExitCode.Done;
    }

    private static async Task<int> Prove(ParseResult parsed, CancellationToken ct)
    {
        var proof = await ReadJson<SealProof>(parsed.GetRequiredValue(ProofFile), ct);
        var digests = await ReadDigests(parsed, ct);
        foreach (var digest in digests.Count == 0 ? [null] : digests.Cast<SealDigest?>())
            if (SealProofs.Flaw(proof, digest) is { } flaw) throw new CommandFailure($"The proof does not hold. {flaw}");
        Console.WriteLine($"The proof holds: leaf {proof.Index} of block {proof.Block.Number}, sealed {proof.Block.SealedAt:u}, hash {proof.Block.Hash}.");
        foreach (var (field, place) in SealProofs.FieldsOf(proof).Select((field, place) => (field, place))) Console.WriteLine($"  {place,3}: {field ?? "-"}");
        return ExitCode.Done;
    }

    private static async Task<IReadOnlyList<SealDigest>> ReadDigests(ParseResult parsed, CancellationToken ct)
    {
        var digests = new List<SealDigest>();
        foreach (var file in parsed.GetValue(Digests) ?? []) digests.Add(await ReadJson<SealDigest>(file, ct));
        return digests;
    }

    private static async Task<T> ReadJson<T>(string file, CancellationToken ct)
    {
        if (!File.Exists(file)) throw new CommandFailure($"There is no file {file}.", ExitCode.Unavailable);
        try
        {
            return JsonSerializer.Deserialize<T>(await File.ReadAllTextAsync(file, ct), Plug1Json.Options) ?? throw new CommandFailure($"{file} is empty.");
        }
        catch (JsonException failure)
        {
            throw new CommandFailure($"{file} cannot be read: {failure.Message}");
        }
    }

    private static async Task Write<T>(T value, string? file, CancellationToken ct)
    {
        var text = JsonSerializer.Serialize(value, Indented);
        if (file is null) Console.WriteLine(text);
        else await File.WriteAllTextAsync(file, text + "\n", ct);
    }
}
