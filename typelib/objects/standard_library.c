/* standard_library.c - the library "Oleander": the interfaces of the public headers as type information, made from their
 * table when it is first asked for. Its types hand out the signatures of the table, which say more than a FUNCDESC can. */
#include "typelib/objects/library_load.h"

#include "com/com_api.h"
#include "dispatch/dispatch_api.h"
#include "typelib/model/library_model.h"

#include <stdlib.h>
#include <string.h>

#define RECORD_LIMIT 64

/* The interfaces have the numbers of the table; records stand behind them. */
typedef struct Builder {
  LibraryModel *model;
  NameId records[RECORD_LIMIT];
  UINT record_count;
} Builder;

static HRESULT describe_type(Builder *builder, const Type *type, DescBlock *block, TYPEDESC *desc);

static HRESULT name_of(Builder *builder, const char *text, NameId *name) {
  OLECHAR *wide = utf16_copy(text);
  HRESULT hr = wide ? library_model_name(builder->model, wide, name) : E_OUTOFMEMORY;

  free(wide);
  return hr;
}

static HRESULT add_field(Builder *builder, UINT record, UINT index, const Field *field, DescBlock *block) {
  VariableFacts facts = { .memid = 0x40000000 + (MEMBERID)index, .kind = VAR_PERINSTANCE, .offset = field->offset };
  TYPEDESC desc = { .vt = VT_EMPTY };
  HRESULT hr = describe_type(builder, field->type, block, &desc);

  facts.value = NO_VALUE;
  facts.custom = NO_CUSTOM_DATA;
  if (SUCCEEDED(hr))
    hr = library_model_name(builder->model, field->name, &facts.name);
  if (SUCCEEDED(hr))
    hr = library_model_desc(builder->model, &desc, &facts.type);
  return SUCCEEDED(hr) ? library_model_add_variable(builder->model, record, index, &facts) : hr;
}

static HRESULT add_record(Builder *builder, const Type *type, DescBlock *block, UINT *index) {
  TypeFacts facts = { .kind = TKIND_RECORD, .alignment = type->alignment, .instance_size = type->size };
  HRESULT hr = library_model_name(builder->model, type->name, &facts.name);

  facts.custom = NO_CUSTOM_DATA;
  for (UINT known = 0; SUCCEEDED(hr) && known < builder->record_count; known++) {
    if (builder->records[known] == facts.name) {
      *index = standard_interface_count + known;
      return S_OK;
    }
  }
  if (SUCCEEDED(hr))
    hr = builder->record_count < RECORD_LIMIT ? library_model_add_type(builder->model, &facts) : E_OUTOFMEMORY;
  if (FAILED(hr))
    return hr;
  *index = standard_interface_count + builder->record_count;
  builder->records[builder->record_count++] = facts.name;
  for (UINT field = 0; SUCCEEDED(hr) && field < type->count; field++)
    hr = add_field(builder, *index, field, &type->fields[field], block);
  return hr;
}

static HRESULT describe_pointee(Builder *builder, const Type *target, DescBlock *block, VARTYPE vt, TYPEDESC *desc) {
  desc->vt = vt;
  desc->lptdesc = desc_block_take(block, sizeof *desc->lptdesc);
  return desc->lptdesc ? describe_type(builder, target, block, desc->lptdesc) : E_OUTOFMEMORY;
}

/* A node for an interface is its pointer. */
static HRESULT describe_interface(const Type *type, DescBlock *block, TYPEDESC *desc) {
  const StandardInterface *standard = standard_interface_find(&type->guid);

  if (!standard)
    return TYPE_E_ELEMENTNOTFOUND;
  desc->vt = VT_PTR;
  desc->lptdesc = desc_block_take(block, sizeof *desc->lptdesc);
  if (!desc->lptdesc)
    return E_OUTOFMEMORY;
  desc->lptdesc->vt = VT_USERDEFINED;
  desc->lptdesc->hreftype = MODEL_LOCAL_TYPE(standard - standard_interfaces);
  return S_OK;
}

static HRESULT describe_array(Builder *builder, const Type *type, DescBlock *block, TYPEDESC *desc) {
  desc->vt = VT_CARRAY;
  desc->lpadesc = desc_block_take(block, sizeof *desc->lpadesc);
  if (!desc->lpadesc)
    return E_OUTOFMEMORY;
  desc->lpadesc->cDims = 1;
  desc->lpadesc->rgbounds[0].cElements = type->count;
  return describe_type(builder, type->target, block, &desc->lpadesc->tdescElem);
}

static HRESULT describe_type(Builder *builder, const Type *type, DescBlock *block, TYPEDESC *desc) {
  UINT record = 0;
  HRESULT hr;

  switch (type->kind) {
  case TYPE_POINTER:
    return describe_pointee(builder, type->target, block, VT_PTR, desc);
  case TYPE_SAFEARRAY:
    return describe_pointee(builder, type->target, block, VT_SAFEARRAY, desc);
  case TYPE_INTERFACE:
    return describe_interface(type, block, desc);
  case TYPE_ARRAY:
    return describe_array(builder, type, block, desc);
  case TYPE_RECORD:
  case TYPE_UNION:
    hr = add_record(builder, type, block, &record);
    desc->vt = VT_USERDEFINED;
    desc->hreftype = MODEL_LOCAL_TYPE(record);
    return hr;
  default:
    desc->vt = type->vt;
    return S_OK;
  }
}

static HRESULT fill_parameter(Builder *builder, const Parameter *from, DescBlock *block, ParameterFacts *facts) {
  TYPEDESC desc = { .vt = VT_EMPTY };
  HRESULT hr = describe_type(builder, from->type, block, &desc);

  facts->flags = from->flags & (PARAMETER_IN | PARAMETER_OUT);
  facts->default_value = NO_VALUE;
  facts->custom = NO_CUSTOM_DATA;
  if (SUCCEEDED(hr))
    hr = library_model_name(builder->model, from->name, &facts->name);
  return SUCCEEDED(hr) ? library_model_desc(builder->model, &desc, &facts->type) : hr;
}

static HRESULT add_described(Builder *builder, UINT type, UINT index, const Signature *signature, DescBlock *block,
                             ParameterFacts *parameters) {
  FunctionFacts facts = { .memid = signature->memid,
                          .kind = FUNC_PUREVIRTUAL,
                          .invkind = INVOKE_FUNC,
                          .callconv = CC_STDCALL,
                          .vtable_offset = (SHORT)(signature->slot * sizeof(void *)),
                          .parameter_count = signature->count };
  FunctionDetails details = { .custom = NO_CUSTOM_DATA };
  TYPEDESC result = { .vt = VT_EMPTY };
  HRESULT hr = describe_type(builder, signature->result, block, &result);

  if (SUCCEEDED(hr))
    hr = library_model_name(builder->model, signature->name, &facts.name);
  if (SUCCEEDED(hr))
    hr = library_model_desc(builder->model, &result, &facts.result);
  for (UINT k = 0; SUCCEEDED(hr) && k < signature->count; k++)
    hr = fill_parameter(builder, &signature->parameters[k], block, &parameters[k]);
  return SUCCEEDED(hr) ? library_model_add_function(builder->model, type, index, &facts, &details, parameters) : hr;
}

static HRESULT add_method(Builder *builder, UINT type, UINT index) {
  const StandardInterface *standard = &standard_interfaces[type];
  const Signature *signature;
  HRESULT hr = standard_interface_signature(standard, standard->first_slot + index, false, &signature);

  if (FAILED(hr))
    return hr;
  DescBlock *block = desc_block_create(0, 512);
  ParameterFacts *parameters = calloc(signature->count + 1u, sizeof *parameters);
  hr = block && parameters ? add_described(builder, type, index, signature, block, parameters) : E_OUTOFMEMORY;
  free(parameters);
  if (block)
    desc_block_free(block);
  signature_release(signature);
  return hr;
}

/* Who derives from a root does so from stdole's, which everybody knows. */
static HREFTYPE base_reference(const StandardInterface *standard) {
  const StandardInterface *base = standard_interface_named(standard->base);

  if (IsEqualGUID(base->iid, &IID_IUnknown))
    return MODEL_IUNKNOWN;
  return IsEqualGUID(base->iid, &IID_IDispatch) ? MODEL_IDISPATCH : MODEL_LOCAL_TYPE(base - standard_interfaces);
}

static HRESULT add_interface(Builder *builder, const StandardInterface *standard) {
  TypeFacts facts = { .kind = TKIND_INTERFACE,
                      .guid = *standard->iid,
                      .vtable_size = (WORD)((standard->first_slot + standard->method_count) * sizeof(void *)),
                      .alignment = sizeof(void *),
                      .instance_size = sizeof(void *) };
  HRESULT hr = name_of(builder, standard->name, &facts.name);

  facts.custom = NO_CUSTOM_DATA;
  return SUCCEEDED(hr) ? library_model_add_type(builder->model, &facts) : hr;
}

static HRESULT add_base_and_methods(Builder *builder, UINT type) {
  const StandardInterface *standard = &standard_interfaces[type];
  ImplementedFacts base = { NO_REFERENCE, 0, NO_CUSTOM_DATA };
  HRESULT hr = S_OK;

  if (standard->base) {
    base.reference = base_reference(standard);
    hr = library_model_add_implemented(builder->model, type, 0, &base);
  }
  for (UINT index = 0; SUCCEEDED(hr) && index < standard->method_count; index++)
    hr = add_method(builder, type, index);
  return hr;
}

static HRESULT fill(Builder *builder) {
  LibraryFacts *facts = library_model_facts(builder->model);
  HRESULT hr = name_of(builder, "Oleander", &facts->name);

  facts->major = 1;
  for (unsigned type = 0; SUCCEEDED(hr) && type < standard_interface_count; type++)
    hr = add_interface(builder, &standard_interfaces[type]);
  for (unsigned type = 0; SUCCEEDED(hr) && type < standard_interface_count; type++)
    hr = add_base_and_methods(builder, type);
  return hr;
}

static HRESULT make_signature(const TypeInfo *info, UINT own_index, const Signature **signature) {
  const StandardInterface *standard = &standard_interfaces[info->index];

  return standard_interface_signature(standard, standard->first_slot + own_index, false, signature);
}

static HRESULT build(TypeLibrary **library) {
  Builder builder = { NULL, { 0 }, 0 };
  HRESULT hr = library_model_create(NULL, &builder.model);

  if (FAILED(hr))
    return hr;
  LibraryReader *reader = library_model_reader(builder.model);
  hr = fill(&builder);
  if (FAILED(hr)) {
    reader->methods->close(reader);
    return hr;
  }
  hr = type_library_create(reader, library);
  if (SUCCEEDED(hr))
    (*library)->make_signature = make_signature;
  return hr;
}

HRESULT library_standard(TypeLibrary **library) {
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  static TypeLibrary *standard; /* one reference is kept for good */
  HRESULT hr = S_OK;

  pthread_mutex_lock(&lock);
  if (!standard)
    hr = build(&standard);
  if (SUCCEEDED(hr)) {
    ITypeLib2_AddRef(&standard->lib);
    *library = standard;
  }
  pthread_mutex_unlock(&lock);
  return hr;
}
