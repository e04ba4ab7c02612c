using System.Globalization;
using Plug1.Kernel;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Directory;

/// <summary>Reads what was entered of a customer: tidied, normalised and checked, with what it names looked up in one round trip.</summary>
internal static class CustomerReader
{
    private const int MostRows = 50;

    /// <summary>The country of telephone numbers that do not say their own: that of the branch, the first two letters of its region.</summary>
    public static string? CountryOf(Branch branch) => branch.Region is [var first, var second, ..] && char.IsAsciiLetterUpper(first) && char.IsAsciiLetterUpper(second) ? branch.Region[..2] : null;

    /// <summary>Reads a request.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="request">What was entered.</param>
    /// <param name="self">The customer.</param>
    /// <param name="country">Country of numbers and tax identifiers that do not say their own.</param>
    /// <param name="today">Today at the branch.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<Result<CustomerData>> Read(Tx tx, CustomerRequest request, Guid self, string? country, DateOnly today, CancellationToken ct)
    {
        if (new[] { request.ContactPoints?.Count, request.Identifiers?.Count, request.Relations?.Count, request.Attributes?.Count }.Any(count => count > MostRows)) return DirectoryRefusals.ContactsTooMany;
        if (HeadRefusal(request, today) is { } no) return no;
        var name = NameOf(request);
        if (name.IsRefused) return name.Refusal;
        var contacts = Contacts(request.ContactPoints ?? [], country);
        if (contacts.IsRefused) return contacts.Refusal;
        var identifiers = Identifiers(request.Identifiers ?? []);
        if (identifiers.IsRefused) return identifiers.Refusal;
        var known = await Known(tx, request, self, ct);
        if (known.IsRefused) return known.Refusal;
        var tax = Tidy(request.TaxId);
        return new CustomerData
        {
            Kind = request.PartyType,
            Name = name.Value,
            GivenName = Tidy(request.GivenName),
            FamilyName = Tidy(request.FamilyName),
            LegalName = Tidy(request.LegalName),
            TradingName = Tidy(request.TradingName),
            BirthDate = request.BirthDate,
            TaxId = tax,
            TaxCountry = tax is null ? null : Tidy(request.TaxCountry) ?? country,
            Language = Tidy(request.LanguageCode),
            GroupId = request.CustomerGroupId,
            PriceListId = request.PriceListId,
            PaymentTerms = Tidy(request.PaymentTermsCode),
            SalesRepId = request.SalesRepUserId,
            ParentId = request.ParentPartyId,
            HouseholdId = request.HouseholdId,
            AcquiredOn = request.AcquiredOn ?? today,
            Source = request.AcquisitionSource ?? "walk-in",
            Contacts = contacts.Value,
            Identifiers = identifiers.Value,
            Relations = [.. (request.Relations ?? []).Select(relation => new Relation(relation.PartyId, relation.Role))],
            Attributes = known.Value,
        };
    }

    private static Refusal? HeadRefusal(CustomerRequest request, DateOnly today) =>
        request.BirthDate is { } born && (born > today || born.Year < 1850) ? DirectoryRefusals.BirthDateFuture
        : request.AcquisitionSource is { } source && !CustomerData.Sources.Contains(source) ? MasterRefusals.ChoiceInvalid("/acquisitionSource", CustomerData.Sources)
        : request.AcquiredOn is { } since && (since > today || since.Year < 1900) ? DirectoryRefusals.FieldInvalid("/acquiredOn", "A customer was won today or before.")
        : request.LanguageCode is { } language && !(language.Length is >= 2 and <= 10 && language.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')) ? DirectoryRefusals.FieldInvalid("/languageCode", "A language is a code such as en or pt-BR.")
        : request.TaxCountry is { } taxed && !IsCountry(taxed) ? DirectoryRefusals.FieldInvalid("/taxCountry", "A country is two capital letters, such as DE.")
        : Line(request.TaxId, 40) && Line(request.PaymentTermsCode, 40) ? null
        : DirectoryRefusals.FieldInvalid(Line(request.TaxId, 40) ? "/paymentTermsCode" : "/taxId", "It has at most 40 characters of one line.");

    private static Result<string> NameOf(CustomerRequest request)
    {
        foreach (var (at, text) in new[]
        {
            ("/displayName", request.DisplayName), ("/givenName", request.GivenName), ("/familyName", request.FamilyName), ("/legalName", request.LegalName), ("/tradingName", request.TradingName),
        })
            if (!Line(text, 200)) return DirectoryRefusals.NameRequired(at);
        var made = request.PartyType == PartyKind.Organisation
            ? Tidy(request.TradingName) ?? Tidy(request.LegalName)
            : Tidy(string.Join(' ', new[] { Tidy(request.GivenName), Tidy(request.FamilyName) }.OfType<string>()));
        return (Tidy(request.DisplayName) ?? made) is { Length: <= 200 } name ? name : DirectoryRefusals.NameRequired("/displayName");
    }

    private static Result<IReadOnlyList<ContactPoint>> Contacts(IReadOnlyList<ContactPointRequest> entered, string? country)
    {
        var points = new List<ContactPoint>(entered.Count);
        for (var at = 0; at < entered.Count; at++)
        {
            var point = entered[at];
            var pointer = $"/contactPoints/{at}";
            if (!ContactPoint.Types.Contains(point.Type)) return MasterRefusals.ChoiceInvalid($"{pointer}/type", ContactPoint.Types);
            if (!ContactPoint.Purposes.Contains(point.Purpose)) return MasterRefusals.ChoiceInvalid($"{pointer}/purpose", ContactPoint.Purposes);
            if (point.Country is { } land && !IsCountry(land)) return DirectoryRefusals.FieldInvalid($"{pointer}/country", "A country is two capital letters, such as DE.");
            if (!Line(point.Person, 200) || !Line(point.Postcode, 20)) return DirectoryRefusals.FieldInvalid($"{pointer}/{(Line(point.Postcode, 20) ? "person" : "postcode")}", "It is a text of one line.");
            var value = point.Value.Trim();
            if (NormalOf(point.Type, value, point.Country ?? country) is not { } normal) return DirectoryRefusals.ContactInvalid($"{pointer}/value");
            var primary = point.IsPrimary || (entered.Count(other => other.Type == point.Type) == 1);
            if (primary && points.Exists(other => other.IsPrimary && other.Type == point.Type && other.Purpose == point.Purpose)) return DirectoryRefusals.PrimaryConflict($"{pointer}/isPrimary");
            points.Add(new ContactPoint(point.Type, point.Purpose, value, normal, primary, Tidy(point.Person), Tidy(point.Postcode), point.Country, point.VerifiedAt is { } at2 ? Dialect.Micro(at2.ToUniversalTime()) : null));
        }

        return points;
    }

    /// <summary>What a contact point is compared by: an e-mail trimmed and case-folded, a telephone number as E.164, nothing of an address; null when it cannot be read.</summary>
    internal static string? NormalOf(string type, string value, string? country) => type switch
    {
        ContactPoint.Phone => PhoneNumbers.Normal(value, country),
        ContactPoint.Email => PartyText.IsEmail(value) ? value.ToLowerInvariant() : null,
        _ => value.Length is > 0 and <= 500 && !value.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\r')) ? "" : null,
    };

    private static Result<IReadOnlyList<Identifier>> Identifiers(IReadOnlyList<IdentifierRequest> entered)
    {
        var all = new List<Identifier>(entered.Count);
        for (var at = 0; at < entered.Count; at++)
        {
            var (scheme, value) = (entered[at].Scheme, entered[at].Value.Trim());
            if (!Identifier.Schemes.Contains(scheme)) return MasterRefusals.ChoiceInvalid($"/identifiers/{at}/scheme", Identifier.Schemes);
            if (value.Length == 0 || !Line(value, 40)) return DirectoryRefusals.FieldInvalid($"/identifiers/{at}/value", "An identifier has 1 to 40 characters of one line.");
            if (all.Contains(new Identifier(scheme, value))) return DirectoryRefusals.IdentifierTaken($"/identifiers/{at}/value");
            all.Add(new Identifier(scheme, value));
        }

        return all;
    }

    /// <summary>Looks up what was named; answers the attributes.</summary>
    private static async Task<Result<IReadOnlyList<AttributeValue>>> Known(Tx tx, CustomerRequest request, Guid self, CancellationToken ct)
    {
        var relations = request.Relations ?? [];
        var named = relations.Select(relation => relation.PartyId).Append(request.ParentPartyId ?? Guid.Empty).Where(id => id != Guid.Empty).Distinct().ToList();
        var parties = tx.Later($"select id from party where id {Sql.List(named)}", row => row.Guid(0));
        var groups = tx.Later($"select id from customer_group where id = {request.CustomerGroupId ?? Guid.Empty} and active", row => row.Guid(0));
        var lists = tx.Later($"select id from price_list where id = {request.PriceListId ?? Guid.Empty}", row => row.Guid(0));
        var people = tx.Later($"select id from app_user where id = {request.SalesRepUserId ?? Guid.Empty}", row => row.Guid(0));
        var defined = tx.Later($"select id, code, type, options from customer_attribute where active and code {Sql.List((request.Attributes ?? []).Select(one => one.Code))}",
            row => (Id: row.Guid(0), Code: row.Text(1), Type: row.Text(2), Options: row.Text(3)));
        // The parents of the parent, as far up as there are any: the customer itself must not be among them.
        var above = tx.Later($"""
            with recursive up(id, step) as (
              select {request.ParentPartyId ?? Guid.Empty}, 1
              union all select c.parent_id, up.step + 1 from up join customer c on c.document_id = up.id where c.parent_id is not null and c.of_id is null and up.step < 50
            ) select id from up
            """, row => row.Guid(0));
        await tx.Flush(ct);
        for (var at = 0; at < relations.Count; at++)
        {
            if (!Relation.Roles.Contains(relations[at].Role)) return MasterRefusals.ChoiceInvalid($"/relations/{at}/role", Relation.Roles);
            if (!parties.Value.Contains(relations[at].PartyId) || relations[at].PartyId == self) return DirectoryRefusals.PartyUnknown($"/relations/{at}/partyId");
        }

        if (request.ParentPartyId is { } parent && above.Value.Contains(self) | parent == self) return DirectoryRefusals.ParentCycle;
        if (request.ParentPartyId is { } of && !parties.Value.Contains(of)) return DirectoryRefusals.PartyUnknown("/parentPartyId");
        if (request.CustomerGroupId is not null && groups.Value.Count == 0) return DirectoryRefusals.GroupUnknown;
        if (request.PriceListId is not null && lists.Value.Count == 0) return MasterRefusals.PriceListUnknown;
        if (request.SalesRepUserId is not null && people.Value.Count == 0) return DirectoryRefusals.FieldInvalid("/salesRepUserId", "There is no such user.");
        return Attributes(request.Attributes ?? [], defined.Value);
    }

    private static Result<IReadOnlyList<AttributeValue>> Attributes(IReadOnlyList<AttributeRequest> entered, List<(Guid Id, string Code, string Type, string Options)> defined)
    {
        var values = new List<AttributeValue>(entered.Count);
        for (var at = 0; at < entered.Count; at++)
        {
            var (code, value) = (entered[at].Code, entered[at].Value.Trim());
            var attribute = defined.Find(one => one.Code == code);
            if (attribute.Code is null || values.Exists(one => one.Code == code) || !Fits(attribute.Type, attribute.Options, value)) return DirectoryRefusals.AttributeInvalid($"/attributes/{at}");
            values.Add(new AttributeValue(attribute.Id, code, value));
        }

        return Result.Of<IReadOnlyList<AttributeValue>>([.. values.OrderBy(value => value.Code, StringComparer.Ordinal)]);
    }

    private static bool Fits(string type, string options, string value) => type switch
    {
        "number" => Quantity.TryParse(value, out _),
        "date" => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "boolean" => value is "true" or "false",
        "choice" => options.Split('\n').Contains(value),
        _ => value.Length > 0 && Line(value, 200),
    };

    private static bool IsCountry(string text) => text.Length == 2 && text.All(char.IsAsciiLetterUpper);

    private static bool Line(string? text, int longest) => text is null || (text.Trim().Length <= longest && !text.Any(char.IsControl));

    private static string? Tidy(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
