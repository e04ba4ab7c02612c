import type { ContactPoint, CustomerOverview, CustomerRequest } from '@/api';

type Data = NonNullable<CustomerOverview['customer']>;

/** What was typed into a search, as the first fields of a new customer: digits are a telephone number, an at sign makes a mail address. */
export function newFrom(typed: string): string {
  const query = new URLSearchParams();
  if (typed.includes('@')) query.set('email', typed);
  else if (/^[+\d\s()./-]+$/.test(typed)) query.set('phone', typed);
  else query.set('name', typed);
  return query.toString();
}

/** A new customer with what an address carries. */
export function emptyCustomer(typed: URLSearchParams): CustomerRequest {
  const contacts: ContactPoint[] = [];
  const [phone, email] = [typed.get('phone'), typed.get('email')];
  if (phone) contacts.push({ type: 'phone', value: phone, purpose: 'mobile', isPrimary: true });
  if (email) contacts.push({ type: 'email', value: email, purpose: 'home', isPrimary: true });
  const [given = '', ...rest] = (typed.get('name') ?? '').split(/\s+/);
  return {
    partyType: 'person',
    ...(given ? { givenName: given } : {}),
    ...(rest.length > 0 ? { familyName: rest.join(' ') } : {}),
    acquisitionSource: 'walk-in',
    contactPoints: contacts,
    identifiers: [],
    attributes: [],
  };
}

/** A customer as it stands, as the whole that a change sends. */
export function requestOf(data: Data): CustomerRequest {
  const { contactPoints, identifiers, relations, attributes } = data;
  const given = <K extends keyof Data>(...keys: K[]) =>
    Object.fromEntries(keys.filter((key) => data[key] !== undefined && data[key] !== null).map((key) => [key, data[key]]));
  return {
    ...given(
      'partyType',
      'displayName',
      'givenName',
      'familyName',
      'legalName',
      'tradingName',
      'birthDate',
      'taxId',
      'taxCountry',
      'languageCode',
      'customerGroupId',
      'priceListId',
      'paymentTermsCode',
      'salesRepUserId',
      'parentPartyId',
      'householdId',
      'acquiredOn',
      'acquisitionSource',
    ),
    contactPoints: contactPoints.map(({ normal: _, value, ...point }) => ({ ...point, value: value ?? '' })),
    identifiers,
    relations: relations.map(({ partyId, role }) => ({ partyId, role })),
    attributes,
  };
}

/** Without what is empty: an empty field is none. */
export function tidied(request: CustomerRequest): CustomerRequest {
  const kept = Object.entries(request).filter(([, value]) => value !== '' && value !== undefined && value !== null);
  return {
    ...(Object.fromEntries(kept) as CustomerRequest),
    contactPoints: (request.contactPoints ?? [])
      .filter((point) => point.value.trim() !== '')
      .map((point) => Object.fromEntries(Object.entries(point).filter(([, value]) => value !== '' && value !== undefined)) as ContactPoint),
    identifiers: (request.identifiers ?? []).filter((identifier) => identifier.value.trim() !== ''),
    attributes: (request.attributes ?? []).filter((attribute) => attribute.value.trim() !== ''),
  };
}
